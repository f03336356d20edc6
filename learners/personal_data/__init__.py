"""What is held about one person: all of it taken out, and what may go taken away."""
