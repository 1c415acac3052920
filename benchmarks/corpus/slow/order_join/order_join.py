def attach_customers(orders, customers):
    """Give each order the name of its customer; orders of unknown customers are left out."""
    result = []
    for order in orders:
        for customer in customers:
            if customer["id"] == order["customer_id"]:
                result.append({"order": order["id"], "name": customer["name"]})
                break
    return result
