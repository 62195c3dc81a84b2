using System.Text.Json.Nodes;

using MLNetCnn.Reports;
using MLNetCnn.Testing;

namespace MLNetCnn.Tests.Reports;

public sealed class AgreementTests
{
    [Fact]
    public void Correlations_are_scikit_learns_and_the_ceiling_is_what_one_run_at_least_names_right()
    {
        var study = SampleStudy.Create();
        var agreement = ReportModel.ForStudy(study).Agreement!;
        var compared = agreement.Runs.Select(run => study.Runs[run]).ToArray();
        var expected = PythonOracle.Run(
            """
            from sklearn.metrics import matthews_corrcoef
            import numpy as np
            right = np.array(inputs['right'])
            outputs = {
                'phi': [[float(matthews_corrcoef(a, b)) for b in right] for a in right],
                'apart': [[int((a != b).sum()) for b in right] for a in right],
                'oracle': float(right.any(axis=0).mean()), 'best': float(right.mean(axis=1).max()), 'missed': int((~right.any(axis=0)).sum()),
            }
            """,
            new JsonObject { ["right"] = new JsonArray([.. compared.Select(run => new JsonArray([.. run.Answers!.Right().Select(hit => (JsonNode)hit)]))]) });

        Assert.Equal(9, agreement.Runs.Count);
        Assert.All(agreement.Correlation.Index(), row => Assert.All(row.Item.Index(), cell =>
            Assert.Equal((double)expected["phi"]![row.Index]![cell.Index]!, cell.Item!.Value, 1e-9)));
        Assert.All(agreement.Discordant.Index(), row => Assert.Equal(expected["apart"]![row.Index]!.AsArray().Select(count => (int)count!), row.Item));
        Assert.Equal((double)expected["oracle"]!, agreement.Oracle, 1e-9);
        Assert.Equal((double)expected["best"]!, agreement.Best, 1e-9);
        Assert.Equal((int)expected["missed"]!, agreement.MissedByAll);
    }

    [Fact]
    public void Runs_that_were_tested_on_other_images_are_not_compared()
    {
        var run = SampleStudy.Run("one", 0.8, null, 1_000, 1);
        var other = SampleStudy.Run("other", 0.8, null, 1_000, 1) with { Answers = null };

        Assert.Null(ReportModel.Compare([run, other]).Agreement);
        Assert.Null(ReportModel.Compare([run, other]).Verdict.LeadTest);
        Assert.NotNull(ReportModel.Compare([run, other, SampleStudy.Run("third", 0.7, null, 2_000, 1)]).Agreement);
    }
}
