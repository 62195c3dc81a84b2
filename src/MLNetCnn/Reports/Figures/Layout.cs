using System.Text.Json.Serialization;

namespace MLNetCnn.Reports.Figures;

/// <summary>The frame of a figure; fonts, backgrounds and grid colours come from the page's theme.</summary>
internal sealed record Layout
{
    /// <summary>Height in pixels.</summary>
    public required double Height { get; init; }

    public required Axis XAxis { get; init; }

    public required Axis YAxis { get; init; }

    public Axis? YAxis2 { get; init; }

    public string? BarMode { get; init; }

    public string HoverMode { get; init; } = "closest";

    public bool ShowLegend { get; init; } = true;

    public IReadOnlyList<Shape>? Shapes { get; init; }

    public IReadOnlyList<Annotation>? Annotations { get; init; }
}

/// <summary>One axis.</summary>
internal sealed record Axis
{
    public AxisTitle? Title { get; init; }

    /// <summary><c>linear</c>, or <c>log</c> (whose range is in powers of ten).</summary>
    public string Type { get; init; } = "linear";

    public IReadOnlyList<double>? Range { get; init; }

    public string? AutoRange { get; init; }

    public string? RangeMode { get; init; }

    [JsonPropertyName("tickvals")]
    public IReadOnlyList<double>? TickValues { get; init; }

    public IReadOnlyList<PlotText>? TickText { get; init; }

    public double? TickAngle { get; init; }

    public string? TickFormat { get; init; }

    [JsonPropertyName("dtick")]
    public double? TickStep { get; init; }

    public string? Overlaying { get; init; }

    public string? Side { get; init; }

    public bool? ShowGrid { get; init; }

    public bool ZeroLine { get; init; }

    public bool AutoMargin { get; } = true;
}

/// <summary>What an axis measures, with its unit.</summary>
internal sealed record AxisTitle(PlotText Text);

/// <summary>A straight line across the figure.</summary>
internal sealed record Shape(double X0, double X1, double Y0, double Y1, Line Line, string YRef = "paper")
{
    [JsonPropertyOrder(-1)]
    public string Type { get; } = "line";

    public string Layer { get; } = "below";
}

/// <summary>A short text at a place of the figure.</summary>
internal sealed record Annotation(double X, double Y, PlotText Text)
{
    public PlotText? HoverText { get; init; }

    public string YRef { get; init; } = "paper";

    public string YAnchor { get; init; } = "bottom";

    public bool ShowArrow { get; }
}
