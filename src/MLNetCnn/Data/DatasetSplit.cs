namespace MLNetCnn.Data;

/// <summary>The part of a dataset that an image belongs to.</summary>
public enum DatasetSplit
{
    /// <summary>The images to learn from.</summary>
    Train,

    /// <summary>The images that steer the training: early stopping, schedules, search.</summary>
    Validation,

    /// <summary>The images that are only looked at once, at the end.</summary>
    Test,
}
