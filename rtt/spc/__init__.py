"""Statistical process control as NHS Making Data Count draws it: charts, rules, readings, false alarms."""
