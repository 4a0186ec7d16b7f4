{{- /* Each changes a dictionary in place and prints nothing. */ -}}

{{- /* container, prefix, settings: adds settings as environment variables; one that is there already is replaced. */ -}}
{{- define "caretta.settings" -}}
{{- $container := .container -}}
{{- $prefix := .prefix -}}
{{- range $name, $value := .settings -}}
  {{- $variable := printf "CARETTA__%s__%s" $prefix (upper $name) -}}
  {{- $kept := list -}}
  {{- range $container.env -}}
    {{- if ne .name $variable -}}{{- $kept = append $kept . -}}{{- end -}}
  {{- end -}}
  {{- /* A large number has become a float on its way here. */ -}}
  {{- $text := ternary (printf "%.0f" $value) (toString $value) (kindIs "float64" $value) -}}
  {{- $_ := set $container "env" (append $kept (dict "name" $variable "value" $text)) -}}
{{- end -}}
{{- end -}}

{{- /* spec (of pods), volume, path: read-only. */ -}}
{{- define "caretta.mount" -}}
{{- $container := index .spec.containers 0 -}}
{{- $_ := set $container "volumeMounts" (append $container.volumeMounts (dict "name" .volume.name "mountPath" .path "readOnly" true)) -}}
{{- $_ := set .spec "volumes" (append .spec.volumes .volume) -}}
{{- end -}}

{{- /* spec (of pods), name, source: what a volume is of. */ -}}
{{- define "caretta.volume" -}}
{{- $others := list -}}
{{- range .spec.volumes -}}
  {{- if ne .name $.name -}}{{- $others = append $others . -}}{{- end -}}
{{- end -}}
{{- $_ := set .spec "volumes" (append $others (merge (dict "name" .name) .source)) -}}
{{- end -}}

{{- /* template (of pods), image (of values), root. */ -}}
{{- define "caretta.image" -}}
{{- $spec := .template.spec -}}
{{- $container := index $spec.containers 0 -}}
{{- $values := .root.Values -}}
{{- $registry := ternary (printf "%s/" $values.image.registry) "" (ne $values.image.registry "") -}}
{{- $version := printf ":%s" (default .root.Chart.AppVersion $values.image.tag) -}}
{{- with .image.digest -}}{{- $version = printf "@%s" . -}}{{- end -}}
{{- $_ := set $container "image" (printf "%s%s%s" $registry .image.repository $version) -}}
{{- $_ := set $container "imagePullPolicy" $values.image.pullPolicy -}}
{{- with $values.imagePullSecrets -}}{{- $_ := set $spec "imagePullSecrets" . -}}{{- end -}}
{{- end -}}

{{- /* template (of the pods of the job that makes certificates), root: it may be placed as aggregators may. */ -}}
{{- define "caretta.certificates" -}}
{{- $spec := .template.spec -}}
{{- $aggregator := .root.Values.aggregator -}}
{{- include "caretta.image" (dict "template" .template "image" $aggregator.image "root" .root) -}}
{{- with $aggregator.tolerations -}}{{- $_ := set $spec "tolerations" . -}}{{- end -}}
{{- $_ := set $spec "nodeSelector" (merge (dict "kubernetes.io/os" "linux") $aggregator.nodeSelector) -}}
{{- end -}}

{{- /* object, workload (of values), root. */ -}}
{{- define "caretta.workload" -}}
{{- $template := .object.spec.template -}}
{{- $spec := $template.spec -}}
{{- $workload := .workload -}}
{{- include "caretta.image" (dict "template" $template "image" $workload.image "root" .root) -}}
{{- $_ := set (index $spec.containers 0) "resources" $workload.resources -}}
{{- $_ := set $spec "tolerations" $workload.tolerations -}}
{{- with $workload.affinity -}}{{- $_ := set $spec "affinity" . -}}{{- end -}}
{{- $_ := set $spec "nodeSelector" (merge (dict "kubernetes.io/os" "linux") $workload.nodeSelector) -}}
{{- with $workload.priorityClassName -}}{{- $_ := set $spec "priorityClassName" . -}}{{- end -}}
{{- with $workload.annotations -}}{{- $_ := set $.object.metadata "annotations" (merge (default dict $.object.metadata.annotations) .) -}}{{- end -}}
{{- with $workload.podAnnotations -}}{{- $_ := set $template.metadata "annotations" . -}}{{- end -}}
{{- /* Labels that others select by stay. */ -}}
{{- $_ := set $template.metadata "labels" (merge $template.metadata.labels $workload.podLabels .root.Values.commonLabels) -}}
{{- end -}}

{{- define "caretta.agents" -}}
{{- $spec := .object.spec.template.spec -}}
{{- $container := index $spec.containers 0 -}}
{{- $values := .root.Values -}}
{{- $seconds := int $values.pollIntervalSeconds -}}
{{- $settings := dict "PollInterval" (printf "00:%02d:%02d" (div $seconds 60) (mod $seconds 60)) -}}
{{- range $name, $list := $values.filters -}}
  {{- $texts := list -}}
  {{- range $list -}}{{- $texts = append $texts (ternary (printf "%.0f" .) (toString .) (kindIs "float64" .)) -}}{{- end -}}
  {{- if $texts -}}{{- $_ := set $settings (title $name) (join "," $texts) -}}{{- end -}}
{{- end -}}
{{- if eq $values.ipFamily "IPv6" -}}{{- $_ := set $settings "ListenAddress" "::" -}}{{- end -}}
{{- include "caretta.settings" (dict "container" $container "prefix" "NODE" "settings" (merge (dict) $values.node.settings $settings)) -}}
{{- $_ := set .object.spec "updateStrategy" (dict "rollingUpdate" (dict "maxUnavailable" $values.node.maxUnavailable)) -}}
{{- $type := ternary (dict "type" "spc_t") dict $values.openshift.enabled -}}
{{- with merge (dict) $values.node.seLinuxOptions $type -}}{{- $_ := set $container.securityContext "seLinuxOptions" . -}}{{- end -}}
{{- /* CRI-O's own profile keeps agents from bpf. */ -}}
{{- $profile := ternary (dict "type" "Unconfined") dict $values.openshift.enabled -}}
{{- with default $profile $values.node.seccompProfile -}}{{- $_ := set $container.securityContext "seccompProfile" . -}}{{- end -}}
{{- $items := list (dict "key" "ca.crt" "path" "ca.crt") -}}
{{- if eq $values.certificates.from "Existing" -}}
  {{- include "caretta.volume" (dict "spec" $spec "name" "authorities" "source" (dict "configMap" (dict "name" $values.certificates.existingAuthorities "items" $items))) -}}
{{- else if eq $values.certificates.from "CertManager" -}}
  {{- include "caretta.volume" (dict "spec" $spec "name" "authorities" "source" (dict "secret" (dict "secretName" "caretta-authorities" "items" $items))) -}}
{{- end -}}
{{- if $values.unload -}}
  {{- $_ := set $container "args" (list "unload" "--stay") -}}
  {{- $_ := unset $container "startupProbe" -}}
  {{- $_ := unset $container "livenessProbe" -}}
  {{- $probe := dict "exec" (dict "command" (list "dotnet" "/app/caretta-node.dll" "unload")) "periodSeconds" 60 "timeoutSeconds" 30 -}}
  {{- $_ := set $container "readinessProbe" $probe -}}
  {{- $_ := set .object.spec "updateStrategy" (dict "rollingUpdate" (dict "maxUnavailable" "100%")) -}}
{{- end -}}
{{- end -}}

{{- define "caretta.aggregators" -}}
{{- $spec := .object.spec.template.spec -}}
{{- $container := index $spec.containers 0 -}}
{{- $values := .root.Values -}}
{{- $settings := dict "ReverseDns" $values.resolveDns "ClimbOwners" $values.traverseUpHierarchy -}}
{{- if eq $values.ipFamily "IPv6" -}}{{- $_ := set $settings "ListenAddress" "::" -}}{{- end -}}
{{- /* Where no job rolls members that have a renewed certificate, they see to it themselves. */ -}}
{{- if ne $values.certificates.from "Job" -}}{{- $_ := set $settings "RestartOnRenewal" true -}}{{- end -}}
{{- $_ := set .object.spec "replicas" (int $values.aggregator.replicas) -}}
{{- if eq $values.certificates.from "Existing" -}}
  {{- range $spec.volumes -}}{{- if eq .name "tls" -}}{{- $_ := set .secret "secretName" $values.certificates.existingSecret -}}{{- end -}}{{- end -}}
{{- end -}}
{{- if $values.postgresql.enabled -}}
  {{- $connection := required "postgresql.connection is missing: Host=...;Database=...;Username=..." $values.postgresql.connection -}}
  {{- $items := list (dict "key" $values.postgresql.passwordKey "path" "password") -}}
  {{- $secret := dict "secretName" $values.postgresql.existingSecret "defaultMode" 288 "items" $items -}}
  {{- include "caretta.mount" (dict "spec" $spec "path" "/etc/caretta/postgresql" "volume" (dict "name" "postgresql" "secret" $secret)) -}}
  {{- if $values.postgresql.tls.existingSecret -}}
    {{- $items = list (dict "key" "ca.crt" "path" "ca.crt") -}}
    {{- $connection = printf "%s;Root Certificate=/etc/caretta/postgresql-tls/ca.crt" (trimSuffix ";" $connection) -}}
    {{- if $values.postgresql.tls.clientCertificate -}}
      {{- $items = concat $items (list (dict "key" "tls.crt" "path" "tls.crt") (dict "key" "tls.key" "path" "tls.key")) -}}
      {{- $connection = printf "%s;SSL Certificate=/etc/caretta/postgresql-tls/tls.crt;SSL Key=/etc/caretta/postgresql-tls/tls.key" $connection -}}
    {{- end -}}
    {{- $secret = dict "secretName" $values.postgresql.tls.existingSecret "defaultMode" 288 "items" $items -}}
    {{- include "caretta.mount" (dict "spec" $spec "path" "/etc/caretta/postgresql-tls" "volume" (dict "name" "postgresql-tls" "secret" $secret)) -}}
  {{- end -}}
  {{- $file := dict "PostgreSqlPasswordFile" "/etc/caretta/postgresql/password" "PostgreSql" $connection -}}
  {{- $settings = merge $settings $file (dict "Journal" "PostgreSql" "Discovery" "Kubernetes") -}}
{{- else -}}
  {{- if gt (int $values.aggregator.replicas) 1 -}}{{- fail "aggregator.replicas: several members need a journal that all of them reach: set postgresql.enabled." -}}{{- end -}}
  {{- $_ := set $container "volumeMounts" (append $container.volumeMounts (dict "name" "journal" "mountPath" "/var/lib/caretta/aggregator")) -}}
  {{- if not $values.persistence.enabled -}}
    {{- $_ := set $spec "volumes" (append $spec.volumes (dict "name" "journal" "emptyDir" dict)) -}}
  {{- else if $values.persistence.existingClaim -}}
    {{- $claim := dict "claimName" $values.persistence.existingClaim -}}
    {{- $_ := set $spec "volumes" (append $spec.volumes (dict "name" "journal" "persistentVolumeClaim" $claim)) -}}
  {{- else -}}
    {{- $claim := dict "accessModes" (list "ReadWriteOnce") "resources" (dict "requests" (dict "storage" $values.persistence.size)) -}}
    {{- with $values.persistence.storageClassName -}}{{- $_ := set $claim "storageClassName" . -}}{{- end -}}
    {{- $_ := set .object.spec "volumeClaimTemplates" (list (dict "apiVersion" "v1" "kind" "PersistentVolumeClaim" "metadata" (dict "name" "journal") "spec" $claim)) -}}
  {{- end -}}
{{- end -}}
{{- include "caretta.settings" (dict "container" $container "prefix" "AGGREGATOR" "settings" (merge (dict) $values.aggregator.settings $settings)) -}}
{{- end -}}

{{- /* The job that has agents unload, made a hook of helm uninstall. */ -}}
{{- define "caretta.uninstall" -}}
{{- $values := .root.Values -}}
{{- if eq .object.kind "Job" -}}
  {{- $spec := .object.spec.template.spec -}}
  {{- $hook := dict "helm.sh/hook" "pre-delete" "helm.sh/hook-delete-policy" "before-hook-creation,hook-succeeded" "helm.sh/hook-output-log-policy" "hook-succeeded,hook-failed" -}}
  {{- $_ := set .object.metadata "annotations" (merge (default dict .object.metadata.annotations) $hook) -}}
  {{- include "caretta.image" (dict "template" .object.spec.template "image" $values.aggregator.image "root" .root) -}}
  {{- $container := index $spec.containers 0 -}}
  {{- $seconds := int $values.uninstall.timeoutSeconds -}}
  {{- $args := list -}}
  {{- range $container.args -}}{{- $args = append $args (ternary (printf "--timeout=%d" $seconds) . (hasPrefix "--timeout=" .)) -}}{{- end -}}
  {{- $_ := set $container "args" $args -}}
  {{- $_ := set .object.spec "activeDeadlineSeconds" (add $seconds 60) -}}
  {{- $_ := set $spec "tolerations" $values.aggregator.tolerations -}}
  {{- $_ := set $spec "nodeSelector" (merge (dict "kubernetes.io/os" "linux") $values.aggregator.nodeSelector) -}}
  {{- if eq $values.certificates.from "Existing" -}}
    {{- range $spec.volumes -}}{{- with .secret -}}{{- $_ := set . "secretName" $values.certificates.existingSecret -}}{{- end -}}{{- end -}}
  {{- end -}}
{{- end -}}
{{- end -}}

{{- /* object, root: what comes from cert-manager, from the issuer of the values. */ -}}
{{- define "caretta.certificate" -}}
{{- $_ := set .object.spec "issuerRef" (dict "name" .root.Values.certificates.issuer "kind" "ClusterIssuer") -}}
{{- end -}}

{{- /* object, root: a monitor's or a rule's labels, interval, and the label of the cluster. */ -}}
{{- define "caretta.monitor" -}}
{{- $values := .root.Values -}}
{{- $own := ternary $values.prometheusRule.labels $values.serviceMonitor.labels (eq .object.kind "PrometheusRule") -}}
{{- $_ := set .object.metadata "labels" (merge (dict) $own .object.metadata.labels) -}}
{{- range concat (default list .object.spec.endpoints) (default list .object.spec.podMetricsEndpoints) -}}
  {{- $_ := set . "interval" $values.serviceMonitor.interval -}}
  {{- if $values.clusterName -}}{{- $_ := set . "relabelings" (append (default list .relabelings) (dict "targetLabel" "cluster" "replacement" $values.clusterName)) -}}{{- end -}}
  {{- if and .tlsConfig (eq $values.certificates.from "Existing") -}}{{- $_ := set .tlsConfig.ca.secret "name" $values.certificates.existingSecret -}}{{- end -}}
{{- end -}}
{{- end -}}

{{- /* object, root: images of others, and what VictoriaMetrics keeps. */ -}}
{{- define "caretta.metricsStack" -}}
{{- $values := .root.Values -}}
{{- if has .object.kind (list "StatefulSet" "Deployment") -}}
  {{- $spec := .object.spec.template.spec -}}
  {{- $container := index $spec.containers 0 -}}
  {{- $metrics := $values.victoriaMetrics -}}
  {{- $images := dict "victoria-metrics" (printf "%s:%s" $metrics.image $metrics.tag) "vmalert" (printf "%s:%s" $metrics.vmalertImage $metrics.tag) "grafana" (printf "%s:%s" $values.grafana.image $values.grafana.tag) -}}
  {{- $_ := set $container "image" (get $images $container.name) -}}
  {{- $_ := set $container "imagePullPolicy" $values.image.pullPolicy -}}
  {{- with $values.imagePullSecrets -}}{{- $_ := set $spec "imagePullSecrets" . -}}{{- end -}}
  {{- $_ := set .object.spec.template.metadata "labels" (merge .object.spec.template.metadata.labels $values.commonLabels) -}}
  {{- if eq $container.name "victoria-metrics" -}}
    {{- $_ := set $container "resources" $metrics.resources -}}
    {{- $args := list -}}
    {{- range $container.args -}}{{- $args = append $args (ternary (printf "-retentionPeriod=%s" $metrics.retention) . (hasPrefix "-retentionPeriod=" .)) -}}{{- end -}}
    {{- $_ := set $container "args" $args -}}
    {{- $claim := (index .object.spec.volumeClaimTemplates 0).spec -}}
    {{- $_ := set $claim.resources.requests "storage" $metrics.size -}}
    {{- with $metrics.storageClassName -}}{{- $_ := set $claim "storageClassName" . -}}{{- end -}}
    {{- if eq $values.certificates.from "Existing" -}}
      {{- range $spec.volumes -}}{{- with .secret -}}{{- $_ := set . "secretName" $values.certificates.existingSecret -}}{{- end -}}{{- end -}}
    {{- end -}}
  {{- end -}}
{{- end -}}
{{- end -}}
