namespace MLNetCnn.Data;

/// <summary>All known formats.</summary>
internal static class ImageReaders
{
    public static IImageReader Parse(StrictJson json) => json.Choice("kind", IdxReader.KindName, ImageFolderReader.KindName) switch
    {
        IdxReader.KindName => IdxReader.Parse(json),
        _ => ImageFolderReader.Parse(json),
    };
}
