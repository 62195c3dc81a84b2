namespace MLNetCnn.Inference;

/// <summary>One of several networks that vote in a model.</summary>
/// <param name="Name">What it was called where it was trained.</param>
/// <param name="Weight">Its share of the vote, in (0, 1]; all of them sum to 1.</param>
/// <param name="Architecture">The network.</param>
public sealed record ModelMember(string Name, double Weight, ModelArchitecture Architecture);
