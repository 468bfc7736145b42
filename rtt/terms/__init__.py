"""The words of referral to treatment: weeks and bands, parts of the return, treatment functions, dates,
wording.
"""
