"""The charts: data in, figure, title, caption, alternative text and table out. The only place that knows Plotly."""
