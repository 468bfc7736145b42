"""What is found of a scope: findings, sentences, exceptions, what needs attention, whom to book next."""
