"""What the stage decides, as pure functions over values: no Django, no input or output, no reading of the time."""
