using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Unicode;
using MLNetCnn.Reports.Markup;

namespace MLNetCnn.Reports;

/// <summary>
/// JSON inside the page. The encoder writes every letter as it is but escapes &lt;, &gt;, &amp; and quotes, so that no text can
/// end the script element it stands in.
/// </summary>
internal static class ReportJson
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.Create(UnicodeRanges.All),
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    // plotly.js's own names are lower case throughout; a gap in a line is null, so NaN and infinity become that.
    private static readonly JsonSerializerOptions FigureOptions = new()
    {
        PropertyNamingPolicy = new LowerCase(),
        Encoder = JavaScriptEncoder.Create(UnicodeRanges.All),
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new FiniteNumbers() },
    };

    /// <summary>The whole model, without the pixels of its pictures.</summary>
    public static Html Of(ReportModel model) => Html.Trusted(JsonSerializer.Serialize(model, Model));

    /// <summary>A figure for plotly.js.</summary>
    public static Html Of(Figures.Figure figure) => Html.Trusted(JsonSerializer.Serialize(figure, FigureOptions));

    private static JsonSerializerOptions Model { get; } = new(Options) { Converters = { new NoPixels() } };

    private sealed class LowerCase : JsonNamingPolicy
    {
        public override string ConvertName(string name) => name.ToLowerInvariant();
    }

    private sealed class FiniteNumbers : JsonConverter<double>
    {
        public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.GetDouble();

        public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options)
        {
            if (double.IsFinite(value))
            {
                writer.WriteNumberValue(value);
            }
            else
            {
                writer.WriteNullValue();
            }
        }
    }

    private sealed class NoPixels : JsonConverter<byte[]>
    {
        public override byte[]? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.GetBytesFromBase64();

        public override void Write(Utf8JsonWriter writer, byte[] value, JsonSerializerOptions options) => writer.WriteNullValue();
    }
}
