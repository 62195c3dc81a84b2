namespace MLNetCnn.Reports.Markup;

/// <summary>
/// A piece of finished HTML. It is made only by <see cref="Of"/>, whose holes are escaped unless they are HTML already, or
/// by <see cref="Trusted"/>, so that no text from outside can become markup.
/// </summary>
internal readonly struct Html
{
    private readonly string? _text;

    private Html(string text) => _text = text;

    public static Html Empty => default;

    public bool IsEmpty => string.IsNullOrEmpty(_text);

    /// <summary>The markup of an interpolated string; every hole that is not HTML is escaped, numbers by the invariant culture.</summary>
    public static Html Of(HtmlInterpolation markup) => new(markup.ToString());

    /// <summary>Markup that the product itself wrote: its assets and its JSON.</summary>
    public static Html Trusted(string markup) => new(markup);

    /// <summary>The pieces one after the other.</summary>
    public static Html Join(IEnumerable<Html> pieces) => new(string.Concat(pieces));

    public override string ToString() => _text ?? "";
}
