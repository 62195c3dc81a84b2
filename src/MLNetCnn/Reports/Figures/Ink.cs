namespace MLNetCnn.Reports.Figures;

/// <summary>
/// The colours of figures, as names of the page's CSS properties: the page's script puts in the values of the theme in
/// force, so that charts turn dark with the page.
/// </summary>
internal static class Ink
{
    private static readonly string[] Dashes = ["solid", "dash", "dot", "dashdot"];

    public const string Ours = "var(--series-1)";

    public const string Published = "var(--series-2)";

    public const string Train = "var(--series-2)";

    public const string Validation = "var(--series-1)";

    public const string Quiet = "var(--ink-2)";

    public const string Faint = "var(--line-strong)";

    /// <summary>Ten colours that can be told apart, then the same with other dashes.</summary>
    public static Line Series(int index) =>
        new(System.FormattableString.Invariant($"var(--series-{(index % 10) + 1})"), 2, Dashes[index / 10 % Dashes.Length]);

    /// <summary>From the page's background to the strongest colour, for shares.</summary>
    public static IReadOnlyList<IReadOnlyList<object>> Heat { get; } =
        [[0.0, "var(--heat-0)"], [0.02, "var(--heat-1)"], [0.35, "var(--heat-2)"], [1.0, "var(--heat-3)"]];
}
