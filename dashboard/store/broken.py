"""Which faults are those of a database that cannot be reached or read: nothing here mends one."""

from sqlalchemy.exc import DatabaseError, InterfaceError, OperationalError


def is_of_the_database(fault: BaseException) -> bool:
    """Whether the database gave no answer: a wrong statement is a fault of ours instead."""
    # SQLite says DatabaseError itself of a file that is none; its other children are wrong statements.
    return isinstance(fault, (OperationalError, InterfaceError)) or type(fault) is DatabaseError
