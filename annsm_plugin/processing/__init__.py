"""The Processing provider: parameters, one core call, layers."""
