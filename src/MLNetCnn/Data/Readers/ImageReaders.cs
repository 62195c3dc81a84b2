namespace MLNetCnn.Data;

/// <summary>All known formats.</summary>
internal static class ImageReaders
{
    public static IImageReader Parse(StrictJson json) =>
        json.Choice("kind", IdxReader.KindName, ImageFolderReader.KindName, CifarReader.KindName, TableReader.KindName) switch
        {
            IdxReader.KindName => IdxReader.Parse(json),
            CifarReader.KindName => CifarReader.Parse(json),
            TableReader.KindName => TableReader.Parse(json),
            _ => ImageFolderReader.Parse(json),
        };
}
