"""The pages: each turns filters and data into components. No SQL, no Plotly."""
