"""CPU and memory of pods and nodes, for autoscalers and `kubectl top`."""
