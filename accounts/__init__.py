"""Client accounts (集团客户), not logins: clients, their contacts and members. Logins live in `staff`."""
