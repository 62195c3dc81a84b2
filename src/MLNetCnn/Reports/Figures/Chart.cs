namespace MLNetCnn.Reports.Figures;

/// <summary>A figure with what a reader without eyes or without script needs: a caption and the same data as a table.</summary>
internal sealed record Chart(string Caption, Figure Figure, DataTable Data);

/// <summary>A plain table; the first <paramref name="TextColumns"/> columns are text, the rest numbers.</summary>
internal sealed record DataTable(
    IReadOnlyList<string> Headers,
    IReadOnlyList<IReadOnlyList<string>> Rows,
    int TextColumns = 1);
