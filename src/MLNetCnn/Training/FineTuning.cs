namespace MLNetCnn.Training;

/// <summary>Which part of a network training may change.</summary>
public enum FineTuning
{
    /// <summary>Everything, from random weights: no pretrained weights are used.</summary>
    Scratch,

    /// <summary>Only the classifier; the pretrained rest stays as it is (what ML.NET's own trainer does).</summary>
    Frozen,

    /// <summary>The classifier and the last layers of the pretrained part.</summary>
    Partial,

    /// <summary>Everything, starting from pretrained weights.</summary>
    Full,
}
