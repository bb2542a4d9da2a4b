"""What agents' alerts do, by Prometheus' own evaluation: when they fire, and when they must not."""

from __future__ import annotations

from typing import Any

import pytest

from tests.components.alerts.conftest import Evaluated, fires, series

pytestmark = pytest.mark.promtool

AGENT = 'tenant="acme", namespace="acme", agent="support"'
OTHER = 'tenant="globex", namespace="globex", agent="support"'
SUPPORT = {"tenant": "acme", "namespace": "acme", "agent": "support"}
IN_VAIN = fires("AgentHighErrorRate", "20m", severity="critical")


def counted(
    name: str, each_minute: float, *, labels: str = AGENT, pod: str = "a", start: int = 0
) -> dict[str, str]:
    """A counter that goes up by so much a minute for half an hour."""
    return {f'{name}{{{labels}, instance="{pod}"}}': f"{start}+{each_minute:g}x30"}


def requests(each_minute: float, failed: float, *, labels: str = AGENT, pod: str = "a") -> dict[str, str]:
    """Requests to an agent, and how many of them fail."""
    return {
        **counted("agent_requests_total", each_minute, labels=labels, pod=pod),
        **counted("agent_request_errors_total", failed, labels=labels, pod=pod),
    }


def latency(fast: float, slow: float, *, labels: str = AGENT, pod: str = "a") -> dict[str, str]:
    """Requests that take less than a second, and requests that take about twenty."""
    buckets = {"1": fast, "10": fast, "30": fast + slow, "+Inf": fast + slow}
    return {
        **counted("agent_requests_total", fast + slow, labels=labels, pod=pod),
        **{
            key: value
            for le, count in buckets.items()
            for key, value in counted(
                "agent_request_duration_seconds_bucket", count, labels=f'{labels}, le="{le}"', pod=pod
            ).items()
        },
    }


def case(given: dict[str, str], *expected: dict[str, Any]) -> dict[str, Any]:
    return {"input_series": series(given), "alert_rule_test": list(expected)}


def test_more_than_a_twentieth_of_requests_failing_calls_somebody_after_five_minutes(
    rules: Evaluated,
) -> None:
    rules.hold(
        case(
            requests(100, 6),
            # The first minute has no rate yet, and five have to pass.
            fires("AgentHighErrorRate", "5m", severity="critical"),
            fires("AgentHighErrorRate", "7m", SUPPORT, severity="critical"),
        )
    )


def test_exactly_a_twentieth_is_still_allowed(rules: Evaluated) -> None:
    rules.hold(case(requests(100, 5), IN_VAIN))


def test_an_idle_agent_is_no_number_and_no_incident(rules: Evaluated) -> None:
    """Errors over requests is 0/0, which is NaN; a comparison with NaN is false."""
    rules.hold(
        case(
            requests(0, 0),
            IN_VAIN,
            fires("AgentHighLatency", "20m", severity="warning"),
        )
    )


def test_of_three_requests_one_failure_says_nothing(rules: Evaluated) -> None:
    rules.hold(case(requests(3, 1), IN_VAIN))


def test_twenty_requests_in_five_minutes_are_enough_to_judge(rules: Evaluated) -> None:
    rules.hold(case(requests(4, 1), fires("AgentHighErrorRate", "20m", SUPPORT, severity="critical")))


def test_a_collector_that_restarts_takes_nothing_away_and_adds_nothing(rules: Evaluated) -> None:
    """Both counters begin again at zero: the ratio stays what it is, and a reset is no burst of errors."""
    restarted = {
        f'agent_requests_total{{{AGENT}, instance="a"}}': "0+100x14 0+100x15",
        f'agent_request_errors_total{{{AGENT}, instance="a"}}': "5000+2x14 0+2x15",
    }
    rules.hold(
        case(
            restarted,
            *(fires("AgentHighErrorRate", f"{at}m", severity="critical") for at in (14, 15, 16, 20)),
        )
    )


def test_errors_go_on_being_counted_over_a_restart(rules: Evaluated) -> None:
    restarted = {
        f'agent_requests_total{{{AGENT}, instance="a"}}': "0+100x14 0+100x15",
        f'agent_request_errors_total{{{AGENT}, instance="a"}}': "0+10x14 0+10x15",
    }
    rules.hold(
        case(
            restarted,
            *(fires("AgentHighErrorRate", f"{at}m", SUPPORT, severity="critical") for at in (10, 15, 16, 20)),
        )
    )


def test_an_agents_first_error_is_seen_since_its_counter_begins_at_zero(rules: Evaluated) -> None:
    given = {
        f'agent_requests_total{{{AGENT}, instance="a"}}': "0+20x30",
        f'agent_request_errors_total{{{AGENT}, instance="a"}}': "0x9 0+20x20",
    }
    rules.hold(case(given, fires("AgentHighErrorRate", "17m", SUPPORT, severity="critical")))


def test_one_bad_pod_of_many_does_not_call_for_a_healthy_agent(rules: Evaluated) -> None:
    healthy = {key: value for pod in "bcdefghij" for key, value in requests(100, 0, pod=pod).items()}
    rules.hold(case({**requests(10, 10, pod="a"), **healthy}, IN_VAIN))


def test_bad_pods_count_when_they_are_many(rules: Evaluated) -> None:
    rules.hold(
        case(
            {**requests(100, 20, pod="a"), **requests(100, 0, pod="b")},
            fires("AgentHighErrorRate", "20m", SUPPORT, severity="critical"),
        )
    )


def test_one_tenants_failures_are_not_anothers(rules: Evaluated) -> None:
    """The same agent in two tenants: neither hides in the other's traffic, neither is blamed for it."""
    rules.hold(
        case(
            {**requests(50, 25), **requests(100_000, 0, labels=OTHER)},
            fires("AgentHighErrorRate", "20m", SUPPORT, severity="critical"),
        )
    )


def test_one_of_a_hundred_requests_being_slow_calls_somebody(rules: Evaluated) -> None:
    rules.hold(
        case(
            latency(98, 2),
            fires("AgentHighLatency", "5m", severity="warning"),
            fires("AgentHighLatency", "20m", SUPPORT, severity="warning"),
        )
    )


def test_one_of_two_hundred_may_be_slow(rules: Evaluated) -> None:
    rules.hold(case(latency(199, 1), fires("AgentHighLatency", "20m", severity="warning")))


def test_a_slow_pod_counts_by_what_it_serves(rules: Evaluated) -> None:
    """A quantile of sums: quantiles of pods, averaged, would make the slow pod a tenth of the agent."""
    healthy = {key: value for pod in "bcdefghij" for key, value in latency(1000, 0, pod=pod).items()}
    rules.hold(
        case({**latency(0, 20, pod="a"), **healthy}, fires("AgentHighLatency", "20m", severity="warning"))
    )


def test_a_few_slow_requests_at_night_wake_nobody(rules: Evaluated) -> None:
    rules.hold(case(latency(0, 3), fires("AgentHighLatency", "20m", severity="warning")))


def test_a_models_failures_are_told_by_tenant_and_model(rules: Evaluated) -> None:
    def calls(model: str, tenant: str, failed: float) -> dict[str, str]:
        labels = f'tenant="{tenant}", namespace="{tenant}", agent="none", model="{model}"'
        return {
            **counted("gen_ai_call_duration_seconds_count", 100, labels=labels),
            **counted("gen_ai_call_errors_total", failed, labels=labels),
        }

    rules.hold(
        case(
            {**calls("gpt-4.1", "acme", 50), **calls("gpt-4.1", "globex", 1), **calls("other", "acme", 9)},
            fires("ModelCallsFailing", "20m", {"tenant": "acme", "model": "gpt-4.1"}, severity="critical"),
        )
    )


def test_requests_that_wait_are_added_up_over_a_models_servers(rules: Evaluated) -> None:
    waiting = 'vllm:num_requests_waiting{namespace="ai-inference", model_name="llama", pod="%s"}'
    rules.hold(
        case(
            {waiting % "a": "6x30", waiting % "b": "5x30"},
            fires(
                "ModelQueueGrowing",
                "20m",
                {"namespace": "ai-inference", "model_name": "llama"},
                severity="warning",
            ),
        )
    )
