namespace MLNetCnn.Runs;

/// <summary>The part of the data that a figure was counted on.</summary>
public enum DataPart
{
    /// <summary>The training images.</summary>
    Train,

    /// <summary>The validation images.</summary>
    Validation,

    /// <summary>The test images.</summary>
    Test,
}
