import numpy as np

from linear_layer import forward


def test_small():
    assert forward(np.array([[1.0, 2.0]]), np.array([3.0, 4.0])).tolist() == [11.0]


def test_wide():
    assert forward(np.ones((200, 300)), np.ones(300)).sum() == 60000.0
