using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MLNetCnn.Reports.Figures;

/// <summary>
/// Text for a chart. Plotly reads a small HTML in its texts; this escapes it when written, so that a name shows as it is.
/// </summary>
[JsonConverter(typeof(Converter))]
internal readonly record struct PlotText(string Value)
{
    private const int Longest = 22;

    public static implicit operator PlotText(string value) => new(value);

    /// <summary>A name cut to a length that a chart can hold; its table has it in full.</summary>
    public static PlotText Short(string name)
    {
        var text = new StringInfo(name);
        return text.LengthInTextElements <= Longest ? name : text.SubstringByTextElements(0, Longest - 1) + "…";
    }

    /// <summary>A dotted name cut from its beginning: its end says most.</summary>
    public static PlotText End(string name)
    {
        while (name.Length > Longest && name.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot)
        {
            name = name[(dot + 1)..];
        }

        return Short(name);
    }

    private sealed class Converter : JsonConverter<PlotText>
    {
        public override PlotText Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            throw new NotSupportedException("figures are written, never read");

        public override void Write(Utf8JsonWriter writer, PlotText value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.Value
                .Replace("&", "&amp;", StringComparison.Ordinal)
                .Replace("<", "&lt;", StringComparison.Ordinal)
                .Replace(">", "&gt;", StringComparison.Ordinal));
    }
}
