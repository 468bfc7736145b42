"""The charts: data in; figure, title, caption, alternative text and table out. Only here is Plotly known."""
