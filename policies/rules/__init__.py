"""Rules as pure functions over plain data. They import nothing of this project, so that anything may run them."""
