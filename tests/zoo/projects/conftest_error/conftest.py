raise RuntimeError("the database of the tests is not there")
