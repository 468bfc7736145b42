"""Small-number suppression: which figures of a PTL a reader without access may see (`docs/decisions.md`).

`limits` says which week limits may be seen of a whole list and of its parts, `pairs` which sizes where two
filters meet, `coupled` where stage and decision do. What an indicator discloses is `rtt.measures.disclosed`.
"""
