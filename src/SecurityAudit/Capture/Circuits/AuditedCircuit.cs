using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.AspNetCore.Components.Server.Circuits;
using SecurityAudit.Capture.Denials;
using SecurityAudit.Enrichment;

namespace SecurityAudit.Capture.Circuits;

/// <summary>Follows one circuit from its opening to its end. The first of the handlers.</summary>
internal sealed class AuditedCircuit(
    CircuitState state, OpenCircuits circuits, CurrentRequest requests, NavigationManager navigation, HookFailures failures) : CircuitHandler
{
    public override int Order => int.MinValue;

    public override Task OnCircuitOpenedAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        try
        {
            state.Id = circuit.Id;
            circuits.Add(circuit.Id, state);
            navigation.LocationChanged += Navigated;
        }
        catch (Exception failure) when (HookFailures.Catches(failure))
        {
            failures.Failed(this, failure);
        }

        return Task.CompletedTask;
    }

    public override Task OnConnectionUpAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        try
        {
            if ((LiveCall.Current?.Request ?? requests.Context) is { } request)
            {
                state.Connect(request);
            }
        }
        catch (Exception failure) when (HookFailures.Catches(failure))
        {
            failures.Failed(this, failure);
        }

        return Task.CompletedTask;
    }

    public override Task OnCircuitClosedAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        try
        {
            circuits.Remove(circuit.Id);
            navigation.LocationChanged -= Navigated;
        }
        catch (Exception failure) when (HookFailures.Catches(failure))
        {
            failures.Failed(this, failure);
        }

        return Task.CompletedTask;
    }

    public override Func<CircuitInboundActivityContext, Task> CreateInboundActivityHandler(Func<CircuitInboundActivityContext, Task> next) =>
        async activity =>
        {
            CircuitState.Current = state;
            await next(activity);
        };

    private void Navigated(object? sender, LocationChangedEventArgs e)
    {
        try
        {
            state.Navigated();
        }
        catch (Exception failure) when (HookFailures.Catches(failure))
        {
            failures.Failed(this, failure);
        }
    }
}
