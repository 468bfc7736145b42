"""What it would take: answers to a plan's question, saved ones, trajectories and initiatives."""
