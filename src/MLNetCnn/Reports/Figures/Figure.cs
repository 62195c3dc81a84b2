using System.Text.Json.Serialization;

namespace MLNetCnn.Reports.Figures;

/// <summary>A Plotly figure: traces and a layout, in the members and names of plotly.js that our charts use.</summary>
internal sealed record Figure(IReadOnlyList<Trace> Data, Layout Layout);

/// <summary>One series of a figure.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(ScatterTrace), "scatter")]
[JsonDerivedType(typeof(BarTrace), "bar")]
[JsonDerivedType(typeof(HeatmapTrace), "heatmap")]
internal abstract record Trace
{
    public PlotText? Name { get; init; }

    public string? HoverTemplate { get; init; }

    public string? HoverInfo { get; init; }

    public bool? ShowLegend { get; init; }
}

/// <summary>Lines, points or both.</summary>
internal sealed record ScatterTrace : Trace
{
    public required IReadOnlyList<double?> X { get; init; }

    public required IReadOnlyList<double?> Y { get; init; }

    /// <summary><c>lines</c>, <c>markers</c>, <c>text</c>, or several joined by <c>+</c>.</summary>
    public required string Mode { get; init; }

    /// <summary>What is written at the points.</summary>
    public IReadOnlyList<PlotText>? Text { get; init; }

    /// <summary>What <c>%{hovertext}</c> stands for in the hover template.</summary>
    public IReadOnlyList<PlotText>? HoverText { get; init; }

    public Line? Line { get; init; }

    public Marker? Marker { get; init; }

    public string? TextPosition { get; init; }

    [JsonPropertyName("error_x")]
    public ErrorBar? ErrorX { get; init; }

    /// <summary>The axis to draw on: <c>y</c> (default) or <c>y2</c>.</summary>
    public string? YAxis { get; init; }
}

/// <summary>Bars.</summary>
internal sealed record BarTrace : Trace
{
    public required IReadOnlyList<double?> X { get; init; }

    public required IReadOnlyList<double?> Y { get; init; }

    /// <summary><c>v</c>, or <c>h</c> for bars that lie.</summary>
    public string Orientation { get; init; } = "v";

    public Marker? Marker { get; init; }
}

/// <summary>A grid of coloured cells.</summary>
internal sealed record HeatmapTrace : Trace
{
    public required IReadOnlyList<IReadOnlyList<double?>> Z { get; init; }

    /// <summary>Counts for the hover text.</summary>
    public required IReadOnlyList<IReadOnlyList<int>> CustomData { get; init; }

    /// <summary>The names of rows and columns in full, for the page's script; plotly.js does not read them.</summary>
    public IReadOnlyList<string>? Labels { get; init; }

    /// <summary>What stands in the cells, where it fits.</summary>
    public IReadOnlyList<IReadOnlyList<PlotText>>? Text { get; init; }

    public string? TextTemplate { get; init; }

    public required IReadOnlyList<IReadOnlyList<object>> ColorScale { get; init; }

    public double ZMin { get; init; }

    public double ZMax { get; init; } = 1;

    public bool ShowScale { get; init; }

    public double XGap { get; init; } = 1;

    public double YGap { get; init; } = 1;

    public bool HoverOnGaps { get; init; }
}

/// <summary>How a line is drawn.</summary>
internal sealed record Line(string Color, double Width = 2, string? Dash = null, string? Shape = null);

/// <summary>How points or bars are drawn.</summary>
internal sealed record Marker(string Color, double? Size = null, string? Symbol = null, Line? Line = null);

/// <summary>Bars that show how far a value may be off, upwards and downwards.</summary>
internal sealed record ErrorBar(IReadOnlyList<double?> Array, IReadOnlyList<double?> ArrayMinus, string Color)
{
    [JsonPropertyOrder(-1)]
    public string Type { get; } = "data";

    public bool Symmetric { get; }

    public double Thickness { get; } = 1.5;

    public double Width { get; } = 4;
}
