"""What reports are made of: pages, figures, figure files, map classes. What a report says stands with the step that it reports."""
