namespace MLNetCnn.Data;

/// <summary>What loading a dataset is busy with.</summary>
public enum DataStage
{
    /// <summary>A file comes over the network; counted in bytes.</summary>
    Downloading,

    /// <summary>A file's checksum is computed; counted in bytes.</summary>
    Verifying,

    /// <summary>Images are decoded, resized and cached; counted in images.</summary>
    Reading,
}

/// <summary>How far a step of loading a dataset has come.</summary>
/// <param name="Stage">The kind of step.</param>
/// <param name="Item">The file or split.</param>
/// <param name="Done">Bytes or images done.</param>
/// <param name="Total">Bytes or images altogether.</param>
public readonly record struct DataProgress(DataStage Stage, string Item, long Done, long Total);
