using MLNetCnn.Reports.Markup;
using MLNetCnn.Runs;

namespace MLNetCnn.Reports.Diagrams;

/// <summary>
/// A network as a row of boxes that wraps with the page: a box is as tall and deep as the output of its stage is high and wide,
/// and as thick as it has channels; vectors are bars.
/// </summary>
internal static class NetworkDiagram
{
    private const double Width = 108;
    private const double Height = 104;
    private const double Tallest = 70;

    public static Html Draw(RunRecord run)
    {
        var stages = NetworkStage.Of(run.Layers);
        var scale = new Scale(
            stages.Where(stage => stage.Shape.Count == 3).Select(stage => stage.Shape[1]).DefaultIfEmpty(1).Max(),
            stages.Where(stage => stage.Shape.Count == 3).Select(stage => stage.Shape[0]).DefaultIfEmpty(1).Max(),
            stages.Where(stage => stage.Shape.Count != 3).Select(stage => stage.Shape.DefaultIfEmpty(1).Max()).DefaultIfEmpty(1).Max());
        return Html.Of($"""
            <ol class="diagram">{stages.Select(stage => Stage(stage, scale))}</ol>
            """);
    }

    private static Html Stage(NetworkStage stage, Scale scale) => Html.Of($"""
        <li class="{stage.Kind.ToString().ToLowerInvariant()}">{Box(scale.Of(stage.Shape))}<b>{stage.Title}</b><span>{Show.Shape(stage.Shape)}</span>{(stage.Followers.Count > 0 ? Html.Of($"<small>{string.Join(" · ", stage.Followers)}</small>") : Html.Empty)}{(stage.Parameters > 0 ? Html.Of($"<small class=\"quiet\">{Show.Count(stage.Parameters)} par.</small>") : Html.Empty)}</li>

        """);

    // The front face is channels × height; the top and the side recede to the right by the box's depth.
    private static Html Box((double Thickness, double Height, double Depth) box)
    {
        var (right, up) = (box.Depth * 0.55, box.Depth * 0.32);
        var x = Math.Round((Width - box.Thickness - right) / 2, 1);
        var y = Math.Round(((Height - box.Height - up) / 2) + up, 1);
        FormattableString top = $"M{x:F1} {y:F1}l{right:F1} {-up:F1}h{box.Thickness:F1}l{-right:F1} {up:F1}z";
        FormattableString side = $"M{x + box.Thickness:F1} {y:F1}l{right:F1} {-up:F1}v{box.Height:F1}l{-right:F1} {up:F1}z";
        return Html.Of($"""
            <svg viewBox="0 0 {Width} {Height}" width="{Width}" height="{Height}" aria-hidden="true"><path class="top" d="{top}"/><path class="side" d="{side}"/><rect class="front" x="{x:F1}" y="{y:F1}" width="{box.Thickness:F1}" height="{box.Height:F1}"/></svg>
            """);
    }

    private sealed record Scale(long MostHigh, long MostChannels, long MostFeatures)
    {
        public (double Thickness, double Height, double Depth) Of(IReadOnlyList<long> shape)
        {
            if (shape.Count != 3)
            {
                return (9, 14 + ((Tallest - 14) * Share(shape.DefaultIfEmpty(1).Max(), MostFeatures)), 9);
            }

            var size = Tallest * Math.Max(0.1, Math.Sqrt((double)shape[1] / MostHigh));
            return (5 + (29 * Share(shape[0], MostChannels)), size, size);
        }

        private static double Share(long value, long most) => most <= 1 ? 1 : Math.Log(Math.Max(1, value)) / Math.Log(most);
    }
}
