"""What pages share: header, navigation, controls, cards, tables, notices."""
