def count_bright(image, threshold):
    """Number of pixels above the threshold in a 2-d array."""
    height, width = image.shape
    count = 0
    y = 0
    while y < height:
        for x in range(width):
            if image[y, x] > threshold:
                count += 1
        y += 1
    return count
