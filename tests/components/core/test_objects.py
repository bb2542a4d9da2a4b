from __future__ import annotations

from components.core.objects import PLATFORM, ObjectName, object_faults, objects


def said(*made: ObjectName) -> list[str]:
    return [str(fault) for fault in object_faults(made)]


def test_what_differs_in_kind_namespace_or_name_is_not_the_same() -> None:
    assert (
        said(
            *objects("ai-agents", "a", "agents.a", "Agent", "Secret"),
            *objects("tenant-a", "a", "agents.b", "Agent"),
            *objects("ai-agents", "b", "agents.b", "Agent"),
        )
        == []
    )


def test_one_path_may_name_an_object_twice() -> None:
    assert said(*objects("ai-agents", "a", "agents.a", "Secret", "Secret")) == []


def test_the_second_is_at_fault_once_for_all_kinds_of_a_name() -> None:
    assert said(
        *objects("ns", "a", "models.a", "Service", "Deployment"),
        *objects("ns", "a", "models.b", "Service", "Deployment", "Role"),
    ) == ["models.b: Deployment, Service a in ns would be that of models.a too; rename one of the two"]


def test_what_the_platform_has_is_nobodys() -> None:
    made = (*objects("ns", "a", PLATFORM, "Secret"), *objects("ns", "a", "agents.a", "Secret"))
    assert said(*made) == ["agents.a: Secret a in ns would be that of the platform too; choose another name"]


def test_a_service_has_a_name_that_dns_takes() -> None:
    assert said(*objects("ns", "a" * 63, "models.a", "Service"), *objects("ns", "a" * 64, "m", "Role")) == []
    name = "a" * 64
    assert said(*objects("ns", name, "models.a", "Service")) == [
        f"models.a: its Service {name} would have a name of 64 characters, of 63 that DNS takes; "
        "give it a shorter name"
    ]
