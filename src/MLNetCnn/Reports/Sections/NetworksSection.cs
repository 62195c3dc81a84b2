using MLNetCnn.Reports.Diagrams;
using MLNetCnn.Reports.Markup;
using MLNetCnn.Runs;

namespace MLNetCnn.Reports.Sections;

/// <summary>Each network once: drawn, and layer by layer.</summary>
internal sealed class NetworksSection : ISection
{
    public string Id => "networks";

    public string Title => "Networks";

    public Html Render(ReportModel model)
    {
        var networks = model.Runs.Where(run => run.Layers.Count > 0).GroupBy(Signature).ToArray();
        return networks.Length == 0
            ? Html.Empty
            : Html.Of($"""<div class="networks">{networks.Select(same => Network([.. same]))}</div>""");
    }

    private static string Signature(RunRecord run) => string.Join(
        '\n', run.Layers.Select(layer => $"{layer.Type} {Show.Shape(layer.OutputShape)} {Show.Count(layer.Parameters)}"));

    private static Html Network(RunRecord[] runs) => Html.Of($"""
        <article class="card network">
        <h3><bdi>{Show.List([.. runs.Select(run => run.Name)])}</bdi></h3>
        <p class="quiet">{runs[0].Architecture}, {Show.Plural(runs[0].Layers.Count, "layer")}, {Show.Count(runs[0].ParameterCount)} parameters{(runs[0].TrainableParameterCount < runs[0].ParameterCount ? $", {Show.Count(runs[0].TrainableParameterCount)} of them trained" : "")}</p>
        {NetworkDiagram.Draw(runs[0])}
        <details class="data"><summary>Layers</summary>{Parts.Table(new(
            ["Layer", "Type", "Output", "Parameters"],
            [.. runs[0].Layers.Select(layer => (IReadOnlyList<string>)
                [layer.Name, layer.Type, Show.Shape(layer.OutputShape), Show.Count(layer.Parameters)])],
            TextColumns: 2))}</details>
        </article>

        """);
}
