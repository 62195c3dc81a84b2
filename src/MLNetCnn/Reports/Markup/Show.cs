using System.Globalization;

namespace MLNetCnn.Reports.Markup;

/// <summary>How values are written for people: one way for each kind, the same under every culture.</summary>
internal static class Show
{
    /// <summary>What stands where there is no value.</summary>
    public const string Nothing = "–";

    private const string Minus = "−";

    private static CultureInfo Invariant => CultureInfo.InvariantCulture;

    /// <summary>A share in [0, 1] as per cent with two decimals, without the sign: <c>84.26</c>.</summary>
    public static string Percent(double? share) => Fixed(share * 100, 2);

    /// <summary>A difference of shares in percentage points, with its sign: <c>+0.51</c>.</summary>
    public static string Points(double? difference) => difference switch
    {
        null => Nothing,
        { } d when double.IsNaN(d) => Nothing,
        { } d when Math.Round(d * 100, 2) == 0 => "0.00",
        { } d => (d > 0 ? "+" : "") + Fixed(d * 100, 2),
    };

    /// <summary>A number with a set count of decimals.</summary>
    public static string Fixed(double? value, int decimals) => value switch
    {
        null => Nothing,
        { } v when double.IsNaN(v) => "NaN",
        { } v when double.IsInfinity(v) => v > 0 ? "∞" : Minus + "∞",
        { } v => v.ToString("F" + decimals.ToString(Invariant), Invariant).Replace("-", Minus, StringComparison.Ordinal),
    };

    /// <summary>A number with up to four significant digits: <c>0.05</c>, <c>1e-05</c>.</summary>
    public static string Number(double value) => value.ToString("g4", Invariant);

    /// <summary>A whole number with its thousands apart: <c>542,230</c>.</summary>
    public static string Count(long value) => value.ToString("N0", Invariant);

    /// <summary>A duration in the units a reader would use: <c>12.3 s</c>, <c>4 min 05 s</c>, <c>1 h 12 min</c>.</summary>
    public static string Seconds(double seconds)
    {
        if (seconds < 59.95)
        {
            return seconds.ToString(seconds < 9.995 ? "F2" : "F1", Invariant) + " s";
        }

        var span = TimeSpan.FromSeconds(Math.Round(seconds));
        return span.TotalHours < 1
            ? string.Create(Invariant, $"{span.Minutes} min {span.Seconds:00} s")
            : string.Create(Invariant, $"{(long)span.TotalHours} h {span.Minutes:00} min");
    }

    /// <summary>A size in decimal units: <c>2.17 MB</c>.</summary>
    public static string Bytes(long bytes) => bytes switch
    {
        < 1_000 => string.Create(Invariant, $"{bytes} B"),
        < 1_000_000 => ThreeDigits(bytes / 1e3) + " kB",
        < 1_000_000_000 => ThreeDigits(bytes / 1e6) + " MB",
        _ => ThreeDigits(bytes / 1e9) + " GB",
    };

    /// <summary>A moment to the minute, in UTC.</summary>
    public static string Moment(DateTimeOffset moment) =>
        moment.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", Invariant);

    /// <summary>A shape as the field writes it: <c>32 × 26 × 26</c>.</summary>
    public static string Shape(IReadOnlyList<long> shape) =>
        string.Join(" × ", shape.Select(size => size.ToString(Invariant)));

    /// <summary>Words as they begin a sentence.</summary>
    public static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];

    /// <summary>Some names as a list in a sentence: <c>a, b and c</c>.</summary>
    public static string List(IReadOnlyList<string> names) => names.Count switch
    {
        0 => "",
        1 => names[0],
        _ => string.Join(", ", names.Take(names.Count - 1)) + " and " + names[^1],
    };

    private static string ThreeDigits(double value) =>
        value.ToString(value < 9.995 ? "F2" : value < 99.95 ? "F1" : "F0", Invariant);

    /// <summary><c>1 run</c>, <c>2 runs</c>.</summary>
    public static string Plural(int count, string singular, string? plural = null) =>
        Count(count) + " " + (count == 1 ? singular : plural ?? singular + "s");
}
