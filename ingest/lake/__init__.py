"""Every trust's weekly PTL for years, as files that many machines can work on at once.

A trust adds its lists at its own edge, without names, numbers or birth dates; a build derives facts from
them, one task a census and trust; what is complete is published into the database that pages read. A census
is seen through its manifest alone, which is put in place last.
"""
