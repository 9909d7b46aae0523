"""What kinds of extra predictors there are: numbers and classes, constant, daily and composites; and how each is brought to cells."""
