from order_join import attach_customers


def test_join():
    orders = [{"id": 1, "customer_id": 7}, {"id": 2, "customer_id": 8}, {"id": 3, "customer_id": 7}]
    customers = [{"id": 7, "name": "Ada"}]
    assert attach_customers(orders, customers) == [{"order": 1, "name": "Ada"}, {"order": 3, "name": "Ada"}]


def test_the_first_of_two_equal_ids_wins():
    customers = [{"id": 1, "name": "old"}, {"id": 1, "name": "new"}]
    assert attach_customers([{"id": 5, "customer_id": 1}], customers) == [{"order": 5, "name": "old"}]


def test_empty():
    assert attach_customers([], []) == []


def test_many_orders():
    customers = [{"id": i, "name": f"n{i}"} for i in range(900)]
    orders = [{"id": i, "customer_id": (i * 17) % 1000} for i in range(2000)]
    joined = attach_customers(orders, customers)
    assert len(joined) == 1800
    assert joined[1] == {"order": 1, "name": "n17"}
