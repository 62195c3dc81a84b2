namespace MLNetCnn.Serving.Http;

/// <summary>An image as it came in a request.</summary>
/// <param name="Name">The file's name, or the position in the request, from 0.</param>
/// <param name="Encoded">The file's bytes.</param>
internal readonly record struct ImageUpload(string Name, ReadOnlyMemory<byte> Encoded);
