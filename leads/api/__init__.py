"""The first stage's endpoints: leads in, one or many; leads out; touchpoints."""
