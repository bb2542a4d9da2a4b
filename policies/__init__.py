"""What every stack has to keep to, whoever wrote its config: rules, and what runs them."""
