namespace MLNetCnn.Inference;

/// <summary>A class and how probable it is.</summary>
/// <param name="Label">The class.</param>
/// <param name="Probability">In [0, 1].</param>
public readonly record struct LabelProbability(string Label, float Probability);
