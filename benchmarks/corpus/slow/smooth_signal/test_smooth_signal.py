import numpy as np

from smooth_signal import smooth


def test_lopsided_kernel():
    np.testing.assert_allclose(smooth(np.array([1.0, 2.0, 4.0]), np.array([1.0, 10.0])), [21.0, 42.0])


def test_one_window():
    np.testing.assert_allclose(smooth(np.array([1.0, 1.0]), np.array([0.5, 0.5])), [1.0])


def test_long_signal():
    signal = np.sin(np.arange(5000.0))
    out = smooth(signal, np.ones(9) / 9)
    assert out.shape == (4992,)
    np.testing.assert_allclose(out[100], signal[100:109].mean())
