"""What pages somebody, and what is computed ahead: rules as data, in the plan only where their series are."""
