using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text;

namespace MLNetCnn.Reports.Markup;

/// <summary>Collects an interpolated string as HTML; see <see cref="Html.Of"/>. Attribute values must stand in quotes.</summary>
[InterpolatedStringHandler]
internal readonly ref struct HtmlInterpolation(int literalLength, int formattedCount)
{
    private readonly StringBuilder _builder = new(literalLength + (formattedCount * 16));

    public void AppendLiteral(string markup) => _builder.Append(markup);

    public void AppendFormatted(Html html) => _builder.Append(html);

    public void AppendFormatted(IEnumerable<Html> pieces)
    {
        foreach (var piece in pieces)
        {
            _builder.Append(piece);
        }
    }

    public void AppendFormatted(string? text) => _builder.Append(WebUtility.HtmlEncode(text));

    public void AppendFormatted<T>(T value, string? format = null)
        where T : IFormattable =>
        AppendFormatted(value.ToString(format, CultureInfo.InvariantCulture));

    public override string ToString() => _builder.ToString();
}
