using MLNetCnn.Testing;
using static MLNetCnn.Torch.torch.nn;

namespace MLNetCnn.Torch.Tests;

public class LossTests
{
    [Fact]
    public void Every_loss_gives_PyTorchs_value()
    {
        using var scope = NewDisposeScope();
        manual_seed(2);
        var (scores, other, weight, classes) = (randn([5, 3]), rand([5, 3]), rand([3]), torch.tensor([0L, 2, 1, 2, 0]));
        var expected = PythonOracle.Run(
            """
            import torch
            from torch import nn
            x, y, w, c = (torch.tensor(inputs[k]) for k in 'xywc')
            losses = [nn.CrossEntropyLoss()(x, c), nn.CrossEntropyLoss(weight=w, label_smoothing=0.1, reduction='sum')(x, c), nn.CrossEntropyLoss(ignore_index=2)(x, c),
                      nn.NLLLoss(weight=w)(x.log_softmax(1), c), nn.MSELoss()(x, y), nn.L1Loss()(x, y), nn.PoissonNLLLoss()(x, y),
                      nn.PoissonNLLLoss(log_input=False, full=True)(y, y * 5), nn.BCEWithLogitsLoss(pos_weight=w)(x, y)]
            outputs = {'losses': torch.stack(losses)}
            """,
            new() { ["x"] = Near.Pack(scores), ["y"] = Near.Pack(other), ["w"] = Near.Pack(weight), ["c"] = Near.Pack(classes) });
        Tensor[] losses =
        [
            CrossEntropyLoss().call(scores, classes),
            CrossEntropyLoss(weight, reduction: Reduction.Sum, label_smoothing: 0.1).call(scores, classes),
            CrossEntropyLoss(ignore_index: 2).call(scores, classes),
            NLLLoss(weight).call(scores.log_softmax(1), classes),
            MSELoss().call(scores, other),
            L1Loss().call(scores, other),
            PoissonNLLLoss().call(scores, other),
            PoissonNLLLoss(log_input: false, full: true).call(other, other * 5),
            BCEWithLogitsLoss(pos_weights: weight).call(scores, other),
        ];
        Near.Equal(expected["losses"], stack(losses), "losses");
    }
}
