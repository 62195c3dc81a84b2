namespace MLNetCnn.Data;

/// <summary>The parts to hold out of the training images, at random within each class, where a dataset brings no such split.</summary>
/// <param name="Test">The part to test on, in [0, 1).</param>
/// <param name="Validation">The part of the rest to validate on, in [0, 1).</param>
/// <param name="Seed">Which images are drawn.</param>
public sealed record HoldOut(double Test, double Validation, int Seed)
{
    internal static HoldOut Parse(StrictJson json) => new(
        json.OptionalFraction("test") ?? 0, json.OptionalFraction("validation") ?? 0, (int)json.Integer("seed", int.MinValue, int.MaxValue, fallback: 0));
}
