namespace MLNetCnn.Imaging;

/// <summary>Bytes that are no readable image: of an unknown format, cut short, damaged, or beyond the pixel limit.</summary>
/// <param name="message">One line that says what is wrong.</param>
public sealed class ImageFormatException(string message) : Exception(message);
