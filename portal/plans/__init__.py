"""Plans: list, compare, plan page; and the shop that prices them."""
